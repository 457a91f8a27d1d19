"""Tests of the emulated WeCom by itself, over its own wire."""
