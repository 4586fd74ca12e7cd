//! Registered machine clients.

use waymark_persistence::clients::{Client, ClientGrant, add, find, list, revoke};
use waymark_persistence::{StoreError, new_id};

use crate::engines::{at, change, with_catalogue};

const REGISTERED: &str = "2010-01-01T00:00:00.123456Z";

fn school_system() -> Client {
    Client {
        id: new_id(at("2010-01-01T00:00:00Z")),
        name: "school system".into(),
        secret_hash: "$argon2id$v=19$".into(),
        grants: vec![ClientGrant { role: "submitter".into(), organisation: "leicestershire".into() }],
        created_at: at("2010-01-01T00:00:00.123456Z"),
        revoked_at: None,
    }
}

#[test]
fn a_client_comes_back_as_it_was_added() {
    with_catalogue(|database| {
        let client = school_system();
        database.store.write(|c| add(c, &client, &change(REGISTERED))).unwrap();
        assert_eq!(database.store.read(|c| find(c, client.id)).unwrap(), Some(client.clone()));
        assert_eq!(database.store.read(list).unwrap(), [client]);
        let other = new_id(at("2010-01-01T00:00:00Z"));
        assert_eq!(database.store.read(|c| find(c, other)).unwrap(), None);
    });
}

#[test]
fn the_name_is_free_again_after_the_client_was_revoked() {
    with_catalogue(|database| {
        let first = school_system();
        let second = Client { id: new_id(at("2010-01-02T00:00:00Z")), ..school_system() };
        database.store.write(|c| add(c, &first, &change(REGISTERED))).unwrap();
        let taken = database.store.write(|c| add(c, &second, &change(REGISTERED)));
        assert!(matches!(taken, Err(StoreError::Conflict("client name"))), "{taken:?}");

        database.store.write(|c| revoke(c, first.id, &change("2010-02-01T00:00:00Z"))).unwrap();
        database.store.write(|c| add(c, &second, &change(REGISTERED))).unwrap();
        assert_eq!(database.store.read(list).unwrap().len(), 2);
    });
}

#[test]
fn revoking_twice_keeps_the_first_time() {
    with_catalogue(|database| {
        let client = school_system();
        database.store.write(|c| add(c, &client, &change(REGISTERED))).unwrap();
        database.store.write(|c| revoke(c, client.id, &change("2010-02-01T00:00:00Z"))).unwrap();
        database.store.write(|c| revoke(c, client.id, &change("2010-03-01T00:00:00Z"))).unwrap();
        let found = database.store.read(|c| find(c, client.id)).unwrap().unwrap();
        assert_eq!(found.revoked_at, Some(at("2010-02-01T00:00:00Z")));

        let unknown = new_id(at("2010-01-01T00:00:00Z"));
        let missing = database.store.write(|c| revoke(c, unknown, &change("2010-03-01T00:00:00Z")));
        assert!(matches!(missing, Err(StoreError::Missing("client"))));
    });
}
