//! Starts the real service for each test and talks HTTP to it.
