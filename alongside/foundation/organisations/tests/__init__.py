"""Tests of organisations and areas."""
