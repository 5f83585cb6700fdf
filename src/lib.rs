//! Brings NEC UNIVERGE IX routers to a declared configuration and proves it.
//!
//! The map, in the order data flows; a module imports only what stands before it.

pub mod message;
pub mod secret;

pub mod ix;

pub mod inventory;

pub mod transport;

pub mod cancel;
pub mod event;
pub mod rollout;
pub mod state;
