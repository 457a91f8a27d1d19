"""The official SDKs and the community's as judges of the adapter for DingTalk."""
