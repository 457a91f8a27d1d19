"""Tests of the adapter for DingTalk."""
