//! Sessions of a browser, kept in the cookie itself: the key's name and an end, sealed with the key.
//!
//! Nothing is stored here, so a session outlives a restart, and ends with its key.

use super::ApiKeys;
use axum::http::{HeaderMap, HeaderValue, header};
use domain::canonical::hex;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The cookie's name.
const COOKIE: &str = "tributary_session";
/// How long a session lasts, in seconds: two weeks.
const LIFETIME: i64 = 14 * 86_400;

/// The header that opens a session for the key of a name.
pub fn open(keys: &ApiKeys, name: &str, now: i64, secure: bool) -> Option<HeaderValue> {
    let end = now + LIFETIME;
    let seal = seal(keys, name, end)?;
    cookie(&format!("{name}.{end}.{seal}"), LIFETIME, secure)
}

/// The header that ends a session.
pub fn close(secure: bool) -> Option<HeaderValue> {
    cookie("", 0, secure)
}

/// The name of the key that a request's session was opened with.
pub fn read(headers: &HeaderMap, keys: &ApiKeys, now: i64) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let value = cookies
        .flat_map(|text| text.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    let mut parts = value.split('.');
    let (name, end, seal, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else {
        return None;
    };
    let end: i64 = end.parse().ok()?;
    let seal = from_hex(seal)?;
    mac(keys, name, end)?.verify_slice(&seal).ok()?;
    (end > now).then(|| name.to_owned())
}

fn cookie(value: &str, lifetime: i64, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/; Max-Age={lifetime}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}

fn mac(keys: &ApiKeys, name: &str, end: i64) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(keys.seal_of(name)?).ok()?;
    mac.update(format!("session\n{name}\n{end}").as_bytes());
    Some(mac)
}

fn seal(keys: &ApiKeys, name: &str, end: i64) -> Option<String> {
    Some(hex(&mac(keys, name, end)?.finalize().into_bytes()))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cookie: &HeaderValue) -> HeaderMap {
        let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&format!("a=b; {pair}")).unwrap())])
    }

    #[test]
    fn a_session_lasts_until_its_end_and_no_longer_than_its_key() {
        let keys = ApiKeys::from_text(&format!("ci {}", "x".repeat(32))).unwrap();
        let cookie = open(&keys, "ci", 1_000, false).unwrap();
        assert_eq!(read(&request(&cookie), &keys, 1_000), Some("ci".into()));
        assert_eq!(read(&request(&cookie), &keys, 1_000 + LIFETIME), None, "it has ended");
        let others = ApiKeys::from_text(&format!("ci {}", "y".repeat(32))).unwrap();
        assert_eq!(read(&request(&cookie), &others, 1_000), None, "the key was changed");
    }

    #[test]
    fn a_forged_session_is_none() {
        let keys = ApiKeys::from_text(&format!("ci {}\nroot {}", "x".repeat(32), "z".repeat(32))).unwrap();
        let cookie = open(&keys, "ci", 1_000, true).unwrap();
        let text = cookie.to_str().unwrap();
        assert!(text.contains("; HttpOnly; SameSite=Lax; Secure"));
        for forged in
            [text.replace("=ci.", "=root."), text.replace("ci.", "ci.9"), COOKIE.to_owned() + "=ci.9.zz"]
        {
            let forged = HeaderValue::from_str(&forged).unwrap();
            assert_eq!(read(&request(&forged), &keys, 1_000), None, "{forged:?}");
        }
        assert_eq!(read(&HeaderMap::new(), &keys, 1_000), None);
    }
}
