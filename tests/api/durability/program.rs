//! The real program, as an operator starts it.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::harness::database::KEY;

/// A program that serves.
pub struct Program {
    child: Child,
    /// Where it listens.
    pub url: String,
}

/// A command of the program on a database.
pub fn cairn(database: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    command.args(arguments).env_clear().env("DATABASE_URL", database).env("CAIRN_SECRET_KEY", KEY);
    // Clients keep their tokens over a restart on another port.
    command.env("CAIRN_BIND", "127.0.0.1:0").env("CAIRN_PUBLIC_URL", "http://cairn.test").env("CAIRN_LOG", "warn");
    command.stdin(Stdio::null());
    command
}

/// What a command says, which must succeed.
pub fn said(database: &str, arguments: &[&str]) -> String {
    let output = cairn(database, arguments).output().expect("the program");
    assert!(output.status.success(), "cairn {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

impl Program {
    /// Starts it, without waiting.
    pub fn start(database: &str) -> Self {
        let child =
            cairn(database, &["serve"]).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("the program");
        Self { child, url: String::new() }
    }

    /// Waits until it says where it listens.
    pub fn listening(mut self) -> Self {
        let out = self.child.stdout.take().expect("its output");
        let mut lines = BufReader::new(out).lines().map_while(Result::ok);
        let line = lines
            .find(|line| line.contains("listens on http://"))
            .unwrap_or_else(|| panic!("it ended: {:?}", self.child.wait()));
        self.url = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
        // Whatever else it says must have somewhere to go.
        std::thread::spawn(move || lines.for_each(drop));
        self
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Kills it, as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().expect("to kill it");
        self.child.wait().expect("its end");
    }

    /// Tells it to stop.
    pub fn terminate(&self) {
        let told = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().expect("kill");
        assert!(told.success());
    }

    /// How it ended, within `patience`.
    pub fn ended(&mut self, patience: Duration) -> Option<i32> {
        let since = Instant::now();
        while since.elapsed() < patience {
            if let Some(status) = self.child.try_wait().expect("its end") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
