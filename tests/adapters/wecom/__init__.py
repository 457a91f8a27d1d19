"""Tests of the WeCom adapter: what comes in and what goes out."""
