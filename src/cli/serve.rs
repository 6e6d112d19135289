//! `cairn serve`.

use std::{io, net::TcpListener, sync::Arc};

use tokio::net::{TcpSocket, lookup_host};

use super::{Outcome, open, say};
use crate::{
    auth::{forget, keys},
    config::{Config, LogFormat},
    house::House,
    work::{expiries, imports},
};

/// How many connections may wait to be taken.
const BACKLOG: u32 = 1024;

/// Serves until told to stop.
pub(super) async fn run(config: Config) -> Outcome {
    open::settled(&config)?;
    let (config, listener) = listen(config).await?;
    let house = open::house(config).await?;
    greet(&house, &listener);
    serve(house, listener).await
}

/// Takes the address, so that one that is in use is known before anything else happens.
pub(super) async fn listen(config: Config) -> Outcome<(Config, TcpListener)> {
    let failed = |why: io::Error| format!("CAIRN_BIND {}: {why}", config.bind);
    let listener = bind(&config.bind).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((config.listening_on(address), listener))
}

async fn bind(host: &str) -> io::Result<TcpListener> {
    let mut last = io::Error::new(io::ErrorKind::AddrNotAvailable, "no such host");
    for address in lookup_host(host).await? {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A restart must not wait for the connections of the last run to be forgotten.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        match socket.bind(address).and_then(|()| socket.listen(BACKLOG)).and_then(tokio::net::TcpListener::into_std) {
            Ok(listener) => return Ok(listener),
            Err(why) => last = why,
        }
    }
    Err(last)
}

/// Serves a house, with what goes on beside the requests.
pub(super) async fn serve(house: Arc<House>, listener: TcpListener) -> Outcome {
    let beside = [
        tokio::spawn(keys::follow(Arc::clone(&house))),
        tokio::spawn(forget::follow(Arc::clone(&house))),
        tokio::spawn(imports::follow(Arc::clone(&house))),
        tokio::spawn(expiries::follow(Arc::clone(&house))),
    ];
    let served = crate::http::serve(Arc::clone(&house), listener).await;
    for task in beside {
        task.abort();
    }
    house.database.close().await;
    served.map_err(|why| format!("the server failed: {why}"))
}

fn greet(house: &House, listener: &TcpListener) {
    let config = &house.config;
    let address = listener.local_addr().map_or_else(|_| config.bind.clone(), |address| address.to_string());
    let (url, database) = (&config.public_url, config.database());
    if config.log_format == LogFormat::Json {
        tracing::info!(%address, %url, %database, "serving");
        return;
    }
    say(&format!(
        "Cairn listens on http://{address}\n  public    {url}\n  database  {database}\n  explorer  {url}/graphiql\n  docs      {url}/docs"
    ));
}
