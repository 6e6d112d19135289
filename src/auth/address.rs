//! Where a request comes from, when proxies stand between.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::{HttpRequest, http::header::HeaderMap};
use ipnet::IpNet;

/// The address of the client: the peer, unless it is a trusted proxy; then the nearest address that it, and those
/// before it, tell of and that is not trusted. What a client itself claims is never believed.
#[must_use]
pub fn client_ip(request: &HttpRequest, trusted: &[IpNet]) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
    if !is_trusted(peer, trusted) {
        return peer;
    }
    nearest(&hops(request.headers()), peer, trusted)
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&address))
}

/// The hops from the client to us. `Forwarded` wins, as the standard one.
fn hops(headers: &HeaderMap) -> Vec<String> {
    let all = |name| headers.get_all(name).filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    let forwarded = all("forwarded");
    if !forwarded.is_empty() {
        return forwarded.split(',').map(forwarded_for).collect();
    }
    all("x-forwarded-for").split(',').map(|hop| hop.trim().to_owned()).filter(|hop| !hop.is_empty()).collect()
}

/// The `for` of one element of `Forwarded`.
fn forwarded_for(element: &str) -> String {
    let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
    let node = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map(|(_, node)| node).next();
    node.unwrap_or_default().trim().trim_matches('"').to_owned()
}

/// From the right: past everything trusted, to the first that is not. A hop that hides or is malformed ends the walk:
/// nothing to its left can be believed.
fn nearest(hops: &[String], peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
    let mut known = peer;
    for hop in hops.iter().rev() {
        let Some(address) = node(hop) else { return known };
        known = address;
        if !is_trusted(address, trusted) {
            return address;
        }
    }
    known
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn node(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn client(peer: &str, headers: &[(&'static str, &str)]) -> String {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let mut request = TestRequest::default().peer_addr(peer.parse().unwrap());
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        client_ip(&request.to_http_request(), &trusted).to_string()
    }

    #[test]
    fn who_is_not_trusted_is_not_believed() {
        assert_eq!(client("192.0.2.1:9", &[("x-forwarded-for", "198.51.100.7")]), "192.0.2.1");
        assert_eq!(client("[::ffff:192.0.2.1]:9", &[("forwarded", "for=198.51.100.7")]), "192.0.2.1");
    }

    #[test]
    fn the_nearest_address_that_is_not_trusted_is_the_client() {
        assert_eq!(client("10.0.0.1:9", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1:9", &[("x-forwarded-for", "203.0.113.9, 198.51.100.7, 10.0.0.2")]), "198.51.100.7");
        assert_eq!(
            client("10.0.0.1:9", &[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "198.51.100.7")]),
            "198.51.100.7"
        );
        assert_eq!(
            client("10.0.0.1:9", &[("forwarded", "for=203.0.113.9, for=\"[2001:db8::1]:4711\";proto=https")]),
            "2001:db8::1"
        );
        assert_eq!(
            client("10.0.0.1:9", &[("forwarded", "For=192.0.2.60;by=10.0.0.1"), ("x-forwarded-for", "198.51.100.7")]),
            "192.0.2.60"
        );
        assert_eq!(client("[::1]:9", &[("x-forwarded-for", "10.0.0.3")]), "10.0.0.3");
    }

    #[test]
    fn a_hop_that_hides_ends_the_walk() {
        assert_eq!(client("10.0.0.1:9", &[("forwarded", "for=203.0.113.9, for=_hidden, for=10.0.0.2")]), "10.0.0.2");
        assert_eq!(client("10.0.0.1:9", &[("x-forwarded-for", "203.0.113.9, nonsense")]), "10.0.0.1");
    }
}
