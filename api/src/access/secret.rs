//! Secrets of registered clients: made at random, kept as an Argon2id hash, checked in constant work.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// The longest secret that is checked, in bytes.
pub const MAX_LEN: usize = 200;

/// A new secret: 244 random bits, written in 43 characters.
pub fn generate() -> String {
    let mut bytes = [0_u8; 32];
    let (left, right) = bytes.split_at_mut(16);
    left.copy_from_slice(Uuid::new_v4().as_bytes());
    right.copy_from_slice(Uuid::new_v4().as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The hash to keep, a PHC string. Takes some 20 ms and 19 MiB.
///
/// # Errors
/// A sentence, where the machine gives no random salt.
pub fn hash(secret: &str) -> Result<String, String> {
    let hash: PasswordHash =
        Argon2::default().hash_password(secret.as_bytes()).map_err(|error| error.to_string())?;
    Ok(hash.to_string())
}

/// Whether the secret belongs to the hash. Without a hash (an unknown client) the same work is done, so
/// that the time does not tell which clients exist.
pub fn verify(secret: &str, kept: Option<&str>) -> bool {
    // The hash of a secret that nobody has.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$\
                          AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(parsed) = PasswordHash::new(kept.unwrap_or(NOBODY)) else {
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
        assert!(kept.starts_with("$argon2id$"));
        assert!(verify(&one, Some(&kept)));
        assert!(!verify(&other, Some(&kept)));
        assert!(!verify(&one, None));
        assert!(!verify(&one, Some("no hash")));
    }
}
