"""Tests of several parts together: the emulator's additions, planted defects of the state machine on it, plans of the environments."""
