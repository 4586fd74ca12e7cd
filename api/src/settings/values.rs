//! The types of settings that have a form of their own: sizes, origins, secrets and where keys come from.

use std::{path::PathBuf, str::FromStr};

use jsonwebtoken::Algorithm;

/// A number of bytes, written `1048576`, `512KiB` or `32MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteSize(usize);

impl ByteSize {
    /// The most that may be set: 1,024 GiB.
    pub const MAX: usize = 1024 * 1024 * 1024 * 1024;

    /// The number of bytes.
    pub fn bytes(self) -> usize {
        self.0
    }
}

impl FromStr for ByteSize {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let units = [("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024 * 1024 * 1024)];
        let named = units.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit)));
        let (digits, unit) = named.unwrap_or((text, 1));
        let number: usize =
            digits.trim().parse().map_err(|_| "write a number of bytes, 512KiB or 32MiB".to_owned())?;
        match number.checked_mul(unit) {
            Some(bytes @ 1..=Self::MAX) => Ok(Self(bytes)),
            _ => Err("it must be between 1 byte and 1024GiB".to_owned()),
        }
    }
}

/// Origins on the local machine with any port, for development.
const LOCAL_ORIGINS: [&str; 2] = ["http://localhost:*", "http://127.0.0.1:*"];

/// A web origin: scheme, host and port, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// The origin as browsers send it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if LOCAL_ORIGINS.contains(&text) {
            return Ok(Self(text.to_owned()));
        }
        if text.contains('*') {
            return Err("`*` stands for the port of http://localhost:* or http://127.0.0.1:* only".to_owned());
        }
        let uri: actix_web::http::Uri = text.parse().map_err(|_| "it is not a web address".to_owned())?;
        let host_only = matches!(uri.path(), "" | "/") && uri.query().is_none() && !text.ends_with('/');
        match uri.scheme_str() {
            Some("http" | "https") if host_only && uri.host().is_some() => {
                Ok(Self(text.to_ascii_lowercase()))
            }
            _ => Err("an origin is scheme, host and port only, as in https://app.example.org".to_owned()),
        }
    }
}

/// The key of the service's own tokens. It is never shown.
#[derive(Clone)]
pub struct TokenSecret(String);

impl TokenSecret {
    /// The least number of characters: as many bytes as the signature's hash has.
    pub const MIN_LEN: usize = 32;

    /// The key's bytes.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenSecret(..)")
    }
}

impl FromStr for TokenSecret {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() < Self::MIN_LEN {
            return Err(format!("it must have at least {} characters", Self::MIN_LEN));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Where the identity provider's public keys come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JwksSource {
    /// A file, read at the start and when a token names a key that is not known.
    File(PathBuf),
    /// An address, fetched at the same times.
    Url(String),
}

impl FromStr for JwksSource {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once("://") {
            Some(("https", _)) => Ok(Self::Url(text.to_owned())),
            // A response that can be altered in transit could contain any key: plain http is for the local machine only.
            Some(("http", rest)) if is_own_machine(rest) => Ok(Self::Url(text.to_owned())),
            Some(_) => Err("it must be a file or an https:// address".to_owned()),
            None if text.is_empty() => Err("it is empty: name a file or an https:// address".to_owned()),
            None => Ok(Self::File(PathBuf::from(text))),
        }
    }
}

fn is_own_machine(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// A signature algorithm with a public key; shared secrets are not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdpAlgorithm(pub(crate) Algorithm);

impl FromStr for IdpAlgorithm {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "RS256" => Ok(Self(Algorithm::RS256)),
            "ES256" => Ok(Self(Algorithm::ES256)),
            "EdDSA" => Ok(Self(Algorithm::EdDSA)),
            _ => Err("the algorithms are RS256, ES256 and EdDSA".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_with_their_unit() {
        assert_eq!("32MiB".parse::<ByteSize>().unwrap().bytes(), 33_554_432);
        assert_eq!("2KiB".parse::<ByteSize>().unwrap().bytes(), 2048);
        assert_eq!("7".parse::<ByteSize>().unwrap().bytes(), 7);
        for text in ["", "0", "1GB", "-1", "2048GiB", "99999999999999999999"] {
            assert!(text.parse::<ByteSize>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!("https://App.example.org".parse::<Origin>().unwrap().as_str(), "https://app.example.org");
        assert!("http://localhost:5173".parse::<Origin>().is_ok());
        assert_eq!("http://localhost:*".parse::<Origin>().unwrap().as_str(), "http://localhost:*");
        for text in [
            "https://app.example.org:*",
            "http://*:80",
            "*",
            "app.example.org",
            "https://a.example/",
            "https://a.example/x",
            "ftp://a.example",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn keys_do_not_travel_in_the_clear() {
        assert!("https://login.example.org/jwks".parse::<JwksSource>().is_ok());
        assert!("http://127.0.0.1:9000/jwks".parse::<JwksSource>().is_ok());
        assert!("keys/jwks.json".parse::<JwksSource>().is_ok());
        for text in ["http://login.example.org/jwks", "http://localhost.evil.example/", "ftp://x/y", ""] {
            assert!(text.parse::<JwksSource>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_secret_is_long_and_never_shown() {
        assert!("short".parse::<TokenSecret>().is_err());
        let secret: TokenSecret = "0123456789abcdef0123456789abcdef".parse().unwrap();
        assert!(!format!("{secret:?}").contains("0123"));
    }
}
