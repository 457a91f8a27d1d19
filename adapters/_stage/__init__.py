"""The playground's stage as all platforms share it: what stands on screens, what people do there, what goes wrong."""
