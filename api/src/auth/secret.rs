//! Secrets of registered clients: generated at random, stored as an Argon2id hash, checked in constant time.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use crate::http::problem::Problem;

/// The cost of a hash: 7 MiB in 5 passes. OWASP lists it as equal in strength to the library's default (19 MiB in
/// 2 passes). A process retains the memory of its hashes, so the smaller of the two keeps an idle service small.
const MEMORY_KIB: u32 = 7 * 1024;
const PASSES: u32 = 5;
/// The number of hashes computed at the same time, so that many token requests take neither all memory nor all
/// processors.
static TURNS: Semaphore = Semaphore::const_new(2);

/// The longest secret that is checked, in bytes.
pub(crate) const MAX_LEN: usize = 200;

/// A new secret: 244 random bits, written in 43 characters.
pub(crate) fn generate() -> String {
    let mut bytes = [0_u8; 32];
    let (left, right) = bytes.split_at_mut(16);
    left.copy_from_slice(Uuid::new_v4().as_bytes());
    right.copy_from_slice(Uuid::new_v4().as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Waits until a hash may be computed, for as long as the permit is held.
///
/// # Errors
/// [`Problem::internal`] if the semaphore is closed.
pub(crate) async fn turn() -> Result<SemaphorePermit<'static>, Problem> {
    TURNS.acquire().await.map_err(Problem::internal)
}

fn argon2() -> Result<Argon2<'static>, String> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| error.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash to store, a PHC string. Takes some 20 ms and 7 MiB.
///
/// # Errors
/// A sentence, if the system has no random salt.
pub(crate) fn hash(secret: &str) -> Result<String, String> {
    let hash: PasswordHash = argon2()?.hash_password(secret.as_bytes()).map_err(|error| error.to_string())?;
    Ok(hash.to_string())
}

/// Whether the secret belongs to the hash. Without a hash (an unknown client) the same work is done, so
/// that the time does not reveal which clients exist.
pub(crate) fn verify(secret: &str, kept: Option<&str>) -> bool {
    // The hash of a secret that was discarded.
    const DUMMY_HASH: &str = "$argon2id$v=19$m=7168,t=5,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                          AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(parsed) = PasswordHash::new(kept.unwrap_or(DUMMY_HASH)) else {
        return false;
    };
    let fits = Argon2::default().verify_password(secret.as_bytes(), &parsed).is_ok();
    fits && kept.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_fits_its_own_hash_only() {
        let (one, other) = (generate(), generate());
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
        let kept = hash(&one).unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=7168,t=5,p=1$"), "{kept}");
        assert!(verify(&one, Some(&kept)));
        assert!(!verify(&other, Some(&kept)));
        assert!(!verify(&one, None));
        assert!(!verify(&one, Some("no hash")));
    }
}
