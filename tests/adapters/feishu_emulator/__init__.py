"""Tests of the emulated platform itself, without the adapter."""
