"""Tests of the Feishu adapter: what comes in and what goes out."""
