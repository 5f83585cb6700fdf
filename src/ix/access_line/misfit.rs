//! What does not fit between what a configuration asks and what the line seems to be.

use super::area::Area;
use super::probes::Probes;
use super::seen::{AccessLine, Link, Supply};
use super::wish::{LineWish, WantedSupply};
use crate::message::Text;

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misfit {
    /// There is no link.
    NoLink {
        /// The interface.
        interface: String,
    },
    /// A delegated prefix is wanted, and the line only advertises one.
    OnlyAdvertised {
        /// The configuration hands on an advertised prefix, too.
        hands_on: bool,
    },
    /// An advertised prefix is wanted, and the line delegates one.
    Delegated,
    /// The line gives no IPv6 addresses at all.
    Nothing,
    /// The servers of one area are named, and the line is in the other one.
    OtherArea {
        /// Whose servers are named.
        named: Area,
        /// Where the line is.
        found: Area,
    },
}

/// What does not fit. Of a line that cannot be seen, nothing is said.
pub fn misfits(wish: &LineWish, line: &AccessLine, probes: &Probes) -> Vec<Misfit> {
    let mut found = Vec::new();
    match (line.link, wish.supply, line.supply) {
        (Link::Down, ..) => found.push(Misfit::NoLink { interface: line.interface.clone() }),
        (_, WantedSupply::Delegation, Supply::Advertised) => {
            found.push(Misfit::OnlyAdvertised { hands_on: wish.hands_on_advertised });
        }
        (_, WantedSupply::Advertisement, Supply::Delegated) => found.push(Misfit::Delegated),
        (_, _, Supply::Nothing) => found.push(Misfit::Nothing),
        _ => {}
    }
    let named = wish.areas(probes);
    if let Some(area) = line.area
        && !named.contains(&area)
        && let Some(named) = named.first()
    {
        found.push(Misfit::OtherArea { named: *named, found: area });
    }
    found
}

impl Misfit {
    /// It in words: what is wanted, and what is there.
    pub fn text(&self) -> Text {
        match self {
            Self::NoLink { interface } => Text::new(
                format!("{interface} has no link: is the line's cable in, and is the ONU or the home gateway on?"),
                format!(
                    "{interface} にリンクがありません。回線側のケーブルと、ONU・ホームゲートウェイの電源を確認してください"
                ),
            ),
            Self::OnlyAdvertised { hands_on: false } => Text::new(
                "a delegated prefix (DHCPv6-PD) is wanted, and there is only RA on this line: it has no telephone service (hikari denwa), or a home gateway in between keeps the prefix",
                "DHCPv6-PD によるプレフィックス委譲が必要な設定ですが、この回線には RA しかありません。ひかり電話の契約がないか、間のホームゲートウェイがプレフィックスを保持しています",
            ),
            Self::OnlyAdvertised { hands_on: true } => Text::new(
                "a delegated prefix (DHCPv6-PD) is wanted, and there is only RA on this line: it has no telephone service (hikari denwa), or a home gateway in between keeps the prefix. `ipv6 nd proxy` may hand on the advertised one; that it does beside a client that asks for a prefix is not attested",
                "DHCPv6-PD によるプレフィックス委譲が必要な設定ですが、この回線には RA しかありません。ひかり電話の契約がないか、間のホームゲートウェイがプレフィックスを保持しています。ipv6 nd proxy で RA のプレフィックスを中継できる可能性はありますが、PD クライアントとの併用は確認されていません",
            ),
            Self::Delegated => Text::new(
                "an advertised prefix (RA) is wanted, and this line delegates one (DHCPv6-PD): it has the telephone service (hikari denwa)",
                "RA のプレフィックスを使う設定ですが、この回線は DHCPv6-PD でプレフィックスを委譲します(ひかり電話あり)",
            ),
            Self::Nothing => Text::new(
                "the line gives no IPv6 address: no prefix is delegated, and no router of the provider is seen. It may be dead, not opened yet, for IPv4 (PPPoE) alone, or only advertise what the router does not show",
                "回線から IPv6 アドレスが得られません。プレフィックスの委譲がなく、回線側のルータも見えません。障害、未開通、IPv4(PPPoE)専用のほか、RA のみでルータの表示に現れない可能性もあります",
            ),
            Self::OtherArea { named, found } => {
                let (named, found) = (named.name(), found.name());
                Text::new(
                    format!(
                        "the servers of {} are named, and this line seems to be in the area of {}",
                        named.en, found.en
                    ),
                    format!("{} のサーバが設定されていますが、この回線は {} エリアと思われます", named.ja, found.ja),
                )
            }
        }
    }
}
