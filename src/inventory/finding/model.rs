//! What is said about a model of router and the hardware it has.

use crate::message::{Explain, Text};

/// A finding about what a model has.
#[derive(Debug, Explain)]
pub(crate) enum ModelFinding {
    /// No such model.
    #[explain(
        code = "inventory.model",
        en = "no model is named `{model}`",
        ja = "`{model}` という機種はありません",
        hints = near.clone()
    )]
    Unknown { model: String, near: Option<Text> },
    /// An interface that the model does not have.
    #[explain(
        code = "model.interface",
        en = "the {model} does not have an interface `{interface}`",
        ja = "{model} に、インタフェース `{interface}` はありません",
        hints = known.clone()
    )]
    Interface { model: &'static str, interface: String, known: Option<Text> },
    /// An interface about which that is not known.
    #[explain(
        code = "model.interface-unattested",
        en = "the {model} is not known to have an interface `{interface}`",
        ja = "{model} に、インタフェース `{interface}` があるかどうかは確認されていません",
        hints = known.clone(),
        note(en = "a warning: the run goes on", ja = "警告です。処理は続行します")
    )]
    InterfaceUnattested { model: &'static str, interface: String, known: Option<Text> },
    /// A port that a switch does not have.
    #[explain(
        code = "model.port",
        en = "{device} of the {model} has the ports {first} to {last}, not {port}",
        ja = "{model} の {device} のポートは {first}〜{last} です。{port} はありません"
    )]
    PortOfDevice { model: &'static str, device: String, first: u8, last: u8, port: u8 },
    /// A port that no switch of the model has.
    #[explain(
        code = "model.port",
        en = "the {model} has no switch port {port}; its ports are 1 to {last}",
        ja = "{model} にスイッチポート {port} はありません(1～{last})"
    )]
    Port { model: &'static str, port: u8, last: u8 },
}
