//! End to end: the built program against mock routers over real transports.
//!
//! What a test believes about a router it takes from the mock's own files and event log, never from our own words. Everything
//! the program prints or writes is searched for the canary secrets, in every test.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a failed test is the point")]

mod again;
mod backups;
mod bad_days;
mod both_ways;
mod cables;
#[cfg(target_os = "linux")]
mod closed_window;
#[cfg(unix)]
mod completion;
mod control;
mod dead_controller;
#[cfg(unix)]
mod depot;
mod detached;
mod earlier;
mod endless;
#[cfg(unix)]
mod engineer;
mod exits;
mod export;
mod factory;
mod faults;
mod fence;
#[cfg(unix)]
mod field;
#[cfg(unix)]
mod field_screens;
#[cfg(unix)]
mod field_stopped;
#[cfg(unix)]
mod field_visits;
mod files;
mod first_hour;
mod foreign;
#[cfg(unix)]
mod group;
mod host_keys;
mod hostile;
mod identity;
mod job;
mod journal;
mod kept_plans;
#[cfg(unix)]
mod laptop;
mod lifeline;
mod lost;
#[cfg(unix)]
mod newcomer;
mod night;
mod one_record;
mod own_password;
mod pages;
#[cfg(unix)]
mod person;
mod probe;
#[cfg(unix)]
mod question;
mod recordings;
mod report;
mod rollout;
mod rotation;
#[cfg(unix)]
mod screens;
mod secrets;
#[cfg(unix)]
mod signals;
mod sites;
mod startup;
#[cfg(unix)]
mod swapped_keys;
#[cfg(unix)]
mod terminal;
mod told;
mod training;
mod trial;
mod visible;
mod why;
#[cfg(unix)]
mod width;
#[cfg(unix)]
mod wire;

use test_support::harness;
