//! An open-loop load generator: requests come at a fixed rate whether or not answers do, and a latency counts from when
//! the request was due, so that a server that stalls is not spared those that would have come meanwhile.
//!
//! `open_loop PORT FILE RATE SECONDS CONNECTIONS`; the file is that of `requests.lua`. Needs nothing but `rustc -O`.

use std::{
    env, fs,
    io::{Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

fn main() {
    let args: Vec<String> = env::args().collect();
    let port: u16 = args[1].parse().expect("a port");
    let requests = requests(&fs::read(&args[2]).expect("a file of requests"));
    let rate: f64 = args[3].parse().expect("a rate");
    let seconds: f64 = args[4].parse().expect("seconds");
    let connections: usize = args[5].parse().expect("a number of connections");

    let due = (rate * seconds) as usize;
    let next = AtomicUsize::new(0);
    let start = Instant::now() + Duration::from_millis(100);
    let mut latencies: Vec<Duration> = Vec::with_capacity(due);
    let mut errors = 0;
    thread::scope(|scope| {
        let workers: Vec<_> =
            (0..connections).map(|_| scope.spawn(|| worker(port, &requests, &next, due, rate, start))).collect();
        for worker in workers {
            let (seen, failed) = worker.join().expect("a worker");
            latencies.extend(seen);
            errors += failed;
        }
    });
    let took = start.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let at =
        |share: f64| latencies.get((latencies.len() as f64 * share) as usize).map_or(0.0, |l| l.as_secs_f64() * 1e3);
    println!(
        r#"{{"requests": {}, "seconds": {took}, "errors": {errors}, "p50": {}, "p99": {}}}"#,
        latencies.len(),
        at(0.50),
        at(0.99)
    );
}

/// Takes the next request that is due, waits for its time, and asks.
fn worker(
    port: u16,
    requests: &[Vec<u8>],
    next: &AtomicUsize,
    due: usize,
    rate: f64,
    start: Instant,
) -> (Vec<Duration>, usize) {
    let (mut seen, mut errors) = (Vec::new(), 0);
    let mut buffer = vec![0; 64 * 1024];
    let mut stream = connect(port);
    loop {
        let place = next.fetch_add(1, Ordering::Relaxed);
        if place >= due {
            return (seen, errors);
        }
        let when = start + Duration::from_secs_f64(place as f64 / rate);
        thread::sleep(when.saturating_duration_since(Instant::now()));
        match ask(&mut stream, &requests[place % requests.len()], &mut buffer) {
            Some(()) => seen.push(when.elapsed()),
            None => {
                errors += 1;
                stream = connect(port);
            }
        }
    }
}

fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time-out");
    stream
}

/// One request and its whole answer; nothing when it is not a success.
fn ask(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> Option<()> {
    stream.write_all(request).ok()?;
    let mut filled = 0;
    let mut whole: Option<usize> = None;
    loop {
        if filled == buffer.len() {
            buffer.resize(filled * 2, 0);
        }
        match stream.read(&mut buffer[filled..]).ok()? {
            0 => return None,
            count => filled += count,
        }
        if whole.is_none() {
            let Some(end) = buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&buffer[..end]).ok()?.to_ascii_lowercase();
            if !head.starts_with("http/1.1 20") {
                return None;
            }
            // Chunked answers end with an empty chunk.
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            whole = Some(
                length.map_or(Some(0), |length| length.trim().parse().ok().map(|length: usize| end + 4 + length))?,
            );
        }
        match whole {
            Some(0) if buffer[..filled].ends_with(b"0\r\n\r\n") => return Some(()),
            Some(whole) if whole > 0 && filled >= whole => return Some(()),
            _ => {}
        }
    }
}

fn requests(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
        let length: usize = std::str::from_utf8(&bytes[..end]).expect("a length").parse().expect("a length");
        all.push(bytes[end + 1..end + 1 + length].to_vec());
        bytes = &bytes[end + 1 + length..];
    }
    all
}
