//! Files and folders that their owner alone may use, as far as the system has such a thing. It knows nothing of what stands in them.

#[cfg_attr(windows, path = "windows.rs")]
#[cfg_attr(not(windows), path = "unix.rs")]
mod platform;

pub(crate) use platform::{create_new, exposed, folder, open};
