//! Seats of those who listen: so many in all, and so many of one client.

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderName, request::Parts},
};
use std::{
    collections::HashMap,
    convert::Infallible,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::state::AppState;

/// Listeners at a time.
pub const MOST_LISTENERS: usize = 256;
/// Listeners of one client at a time: pages that somebody has open, and a few more behind the same address.
pub const SEATS_OF_ONE: usize = 16;

/// Who listens, told apart by address; none where that is not known, which is one client too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Client(Option<IpAddr>);

/// Why there is no seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Full {
    /// All are taken.
    Everybody,
    /// This client has as many as it may.
    Client,
}

/// Who sits how often.
#[derive(Default)]
pub struct Seats(Mutex<HashMap<Client, usize>>);

/// A seat, free again when it is dropped.
pub struct Seat {
    seats: Arc<Seats>,
    client: Client,
}

impl Seats {
    /// A seat for a client.
    pub fn take(seats: &Arc<Self>, client: Client) -> Result<Seat, Full> {
        let mut taken = seats.taken();
        let own = taken.get(&client).copied().unwrap_or_default();
        if own >= SEATS_OF_ONE {
            return Err(Full::Client);
        }
        if taken.values().sum::<usize>() >= MOST_LISTENERS {
            return Err(Full::Everybody);
        }
        taken.insert(client, own + 1);
        Ok(Seat { seats: seats.clone(), client })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<Client, usize>> {
        // Nothing in between can panic, and a count would be right even so.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        match taken.get_mut(&self.client) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(taken.remove(&self.client)),
        }
    }
}

impl Client {
    /// Whoever connects from an address. A network of IPv6 is given out whole, so its half of the address is nobody's.
    pub fn at(address: IpAddr) -> Self {
        Self(Some(match address.to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
            ip => ip,
        }))
    }

    /// Whom a proxy names in a header. Of several addresses the last counts: it is the proxy's own word, while those
    /// before it may be the client's.
    fn named(headers: &HeaderMap, name: &HeaderName) -> Option<Self> {
        let last = headers.get_all(name).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
        let with_port = || last.parse::<SocketAddr>().ok().map(|address| address.ip());
        let bare = last.trim_start_matches('[').trim_end_matches(']').parse().ok();
        bare.or_else(with_port).map(Self::at)
    }
}

impl FromRequestParts<AppState> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let named = state.client_header.as_ref().and_then(|name| Self::named(&parts.headers, name));
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(named.or_else(|| peer.map(|peer| Self::at(peer.ip()))).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(values: &[&'static str]) -> Option<String> {
        let name = HeaderName::from_static("x-forwarded-for");
        let headers = values.iter().map(|value| (name.clone(), value.parse().expect("a value"))).collect();
        Client::named(&headers, &name).and_then(|client| client.0).map(|address| address.to_string())
    }

    #[test]
    fn a_client_is_whom_the_nearest_proxy_names() {
        for (values, address) in [
            (&["203.0.113.7"] as &[_], Some("203.0.113.7")),
            (&["10.0.0.1, 203.0.113.7"], Some("203.0.113.7")),
            (&["10.0.0.1", "203.0.113.7:4711"], Some("203.0.113.7")),
            (&["::ffff:203.0.113.7"], Some("203.0.113.7")),
            (&["2001:db8:1:2:3:4:5:6"], Some("2001:db8:1:2::")),
            (&["[2001:db8:1:2:9::1]:443"], Some("2001:db8:1:2::")),
            (&["unknown"], None),
            (&[], None),
        ] {
            assert_eq!(named(values).as_deref(), address, "{values:?}");
        }
    }

    #[test]
    fn nobody_takes_every_seat_and_what_is_left_is_free() {
        let seats = Arc::new(Seats::default());
        let client = |last: u8| Client::at([203, 0, 113, last].into());
        let take = |client| Seats::take(&seats, client);
        let mut own: Vec<Seat> = (0..SEATS_OF_ONE).map(|_| take(client(1)).expect("a seat")).collect();
        assert_eq!(take(client(1)).err(), Some(Full::Client));
        let others: Vec<Seat> = (SEATS_OF_ONE..MOST_LISTENERS)
            .map(|at| take(client((2 + at / SEATS_OF_ONE) as u8)).expect("a seat"))
            .collect();
        assert_eq!(take(client(99)).err(), Some(Full::Everybody));
        own.pop();
        drop(take(client(99)).expect("the seat that was left"));
        drop((own, others));
        assert!(seats.taken().is_empty(), "nothing is kept of who left");
    }
}
