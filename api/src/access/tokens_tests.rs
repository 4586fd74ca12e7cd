//! Tests of the tokens.
