//! One run of the tests, over all its processes: a folder for what they share, removed when the run has ended.

use std::{
    env,
    fs::{self, File},
    io,
    os::unix::process::{CommandExt as _, parent_id},
    path::{Path, PathBuf},
    process::{Command, Stdio, id},
    sync::LazyLock,
};

/// Waits until the run's process is gone, stops every PostgreSQL that works below the folder, and removes it.
const WATCH: &str = r#"
while kill -0 "$1" 2>/dev/null; do sleep 1; done
for pid in "$2"/*/data/postmaster.pid; do [ -e "$pid" ] && kill -INT "$(head -n 1 "$pid")"; done
tries=0
while ls "$2"/*/data/postmaster.pid >/dev/null 2>&1 && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
rm -rf "$2"
"#;

/// What the run is told apart by, and the process that lasts as long as it: nextest's, which starts one process for
/// each test, or with `cargo test` this one.
static RUN: LazyLock<(String, u32)> = LazyLock::new(|| match env::var("NEXTEST_RUN_ID") {
    Ok(run) => (run.replace('-', "").chars().take(16).collect(), parent_id()),
    Err(_) => (id().to_string(), id()),
});

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| shared_folder().expect("a folder for this run of the tests"));

/// What the run is called.
pub fn name() -> &'static str {
    &RUN.0
}

/// The folder of the run.
pub fn folder() -> &'static Path {
    &FOLDER
}

fn shared_folder() -> io::Result<PathBuf> {
    let folder = env::temp_dir().join(format!("cairn-tests-{}", RUN.0));
    match fs::create_dir(&folder) {
        // The first process of the run sets the watch.
        Ok(()) => watch(&folder)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    Ok(folder)
}

fn watch(folder: &Path) -> io::Result<()> {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(WATCH).arg("watch").arg(RUN.1.to_string()).arg(folder);
    shell.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    shell.spawn().map(drop)
}

/// Takes turns with the other processes of the run: held until the file is dropped.
pub fn turn(at: &str) -> File {
    let file = File::create(folder().join(format!("{at}.lock"))).expect("a lock file");
    file.lock().expect("the lock");
    file
}

/// Whether no other test works in this process.
pub fn alone() -> bool {
    env::var_os("NEXTEST").is_some()
}

/// Runs the test that is running once more, in a process of its own.
pub fn again_alone() {
    let thread = std::thread::current();
    let test = thread.name().expect("a test's thread has its name");
    let mut again = Command::new(env::current_exe().expect("this program"));
    again.args([test, "--exact", "--nocapture"]).env("NEXTEST", "1").env("NEXTEST_RUN_ID", name());
    let output = again.output().expect("this program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
