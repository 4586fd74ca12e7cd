//! The client that progenitor generates from the contract in OpenAPI 3.0: `cargo check` says that it compiles.

include!(concat!(env!("OUT_DIR"), "/client.rs"));
