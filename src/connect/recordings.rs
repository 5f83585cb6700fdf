//! The recordings of one run: every session a file of its own, its secrets masked by the session's recorder.

use std::fs::File;
use std::io::{self, LineWriter};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::dialect::Dialect;
use crate::private::{self, Access};
use crate::session::Recorder;

/// A folder that recordings go to.
#[derive(Debug, Clone)]
pub struct Recordings {
    folder: PathBuf,
}

impl Recordings {
    /// Recordings below this folder, which is made when the first one begins.
    pub fn below(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Begins the recording of a router's next session: `<router>-<n>.cast`, where nothing is ever written over.
    ///
    /// # Errors
    /// When folder or file cannot be made.
    pub(super) fn begin(&self, router: &str, dialect: &Arc<Dialect>) -> io::Result<Recorder<LineWriter<File>>> {
        private::folder(&self.folder)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Recorder::new(LineWriter::new(self.next_file(router)?), dialect, now, router)
    }

    fn next_file(&self, router: &str) -> io::Result<File> {
        let mut number = 1_u32;
        loop {
            let path = self.folder.join(format!("{router}-{number}.cast"));
            match private::create_new(&path, Access::Owner) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                done => return done,
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::Recordings;
    use crate::dialect::Dialect;

    #[test]
    fn every_session_has_a_file_and_none_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let recordings = Recordings::below(&folder.path().join("new/tapes"));
        for _ in 0..2 {
            recordings.begin("r1", Dialect::any()).unwrap();
        }
        recordings.begin("r2", Dialect::any()).unwrap();
        let mut names: Vec<_> =
            std::fs::read_dir(recordings.folder()).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["r1-1.cast", "r1-2.cast", "r2-1.cast"]);
    }
}
