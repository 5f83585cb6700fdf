//! Brings NEC UNIVERGE IX routers to a declared configuration and proves it.
//!
//! The map, in the order data flows; a module imports only what stands before it.

pub mod inventory;
pub mod ix;
pub mod message;
pub mod plan;
pub mod playbook;
pub mod secret;
