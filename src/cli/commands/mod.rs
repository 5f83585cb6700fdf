//! The subcommands, one file each.

pub mod apply;
pub mod backup;
pub mod check;
#[cfg(feature = "mock")]
pub mod demo;
pub mod diff;
pub mod doctor;
pub mod fmt;
pub mod history;
pub mod init;
pub mod journal;
pub mod lint;
pub mod plan;
pub mod ports;
pub mod render;
pub mod replay;
pub mod restart;
pub mod restore;
pub mod resume;
pub mod show;
pub mod status;
pub mod undo;
pub mod verify;
