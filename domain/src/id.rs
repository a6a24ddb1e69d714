//! Ids are TypeIDs: a prefix that says what it is, then a UUIDv7 in base32, so that they sort by time.
//!
//! The text form follows the TypeID specification 0.3: 26 digits of Crockford's alphabet in lower case.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, time::Duration};
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const DIGITS: usize = 26;

/// A text that is no id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct BadId;

fn encode(uuid: Uuid) -> [u8; DIGITS] {
    let value = uuid.as_u128();
    std::array::from_fn(|at| ALPHABET[((value >> (5 * (DIGITS - 1 - at))) & 31) as usize])
}

fn decode(text: &str) -> Result<Uuid, BadId> {
    // 26 digits hold 130 bits: the first may only be 0 to 7.
    if text.len() != DIGITS || text.as_bytes()[0] > b'7' {
        return Err(BadId);
    }
    text.bytes()
        .try_fold(0_u128, |value, byte| {
            let digit = ALPHABET.iter().position(|&known| known == byte).ok_or(BadId)?;
            Ok((value << 5) | digit as u128)
        })
        .map(Uuid::from_u128)
}

/// Wraps a UUID as an id with its own prefix, type and JSON form.
macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $example:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, example = $example))]
        pub struct $name(Uuid);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// Wraps a UUID, of version 7 where the id is a new one.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                let digits = encode(self.0);
                formatter.write_str(concat!($prefix, "_"))?;
                formatter.write_str(std::str::from_utf8(&digits).unwrap_or_default())
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                let digits = text.strip_prefix(concat!($prefix, "_")).ok_or(BadId)?;
                decode(digits).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;

            fn try_from(text: String) -> Result<Self, BadId> {
                text.parse()
            }
        }
    };
}

typed_id!(
    /// The id of a lineage link.
    LinkId, "lnk", "lnk_01h455vb4pex5vsknk084sn02q"
);
typed_id!(
    /// The id of a usage event.
    EventId, "evt", "evt_01h455vb4pex5vsknk084sn02q"
);
typed_id!(
    /// The id of a change request.
    ChangeRequestId, "chg", "chg_01h455vb4pex5vsknk084sn02q"
);
typed_id!(
    /// The id of a run of a gate.
    RunId, "run", "run_01h455vb4pex5vsknk084sn02q"
);
typed_id!(
    /// The id of a unit of contribution: one merged change.
    UnitId, "unt", "unt_01h455vb4pex5vsknk084sn02q"
);
typed_id!(
    /// The id of a run of an import.
    ImportId, "imp", "imp_01h455vb4pex5vsknk084sn02q"
);
typed_id!(
    /// The id of a flag.
    FlagId, "flg", "flg_01h455vb4pex5vsknk084sn02q"
);
typed_id!(
    /// The id of a veto.
    VetoId, "vto", "vto_01h455vb4pex5vsknk084sn02q"
);
typed_id!(
    /// The id of a decision about an agent's autonomy.
    AutonomyId, "aut", "aut_01h455vb4pex5vsknk084sn02q"
);
typed_id!(
    /// The id of a ledger entry.
    EntryId, "led", "led_01h455vb4pex5vsknk084sn02q"
);

impl EntryId {
    /// What every id sorts behind.
    pub const FIRST: Self = Self::new(Uuid::nil());

    /// The least id of its kind that was made at most so long before this one: the first 48 bits of a UUIDv7 are the
    /// milliseconds of its making.
    pub fn back_by(self, time: Duration) -> Self {
        const BITS_BEHIND: u32 = 80;
        let milliseconds = self.0.as_u128() >> BITS_BEHIND;
        Self::new(Uuid::from_u128(milliseconds.saturating_sub(time.as_millis()) << BITS_BEHIND))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_specification_s_vectors() {
        for (digits, uuid) in [
            ("00000000000000000000000000", "00000000-0000-0000-0000-000000000000"),
            ("0000000000000000000000000g", "00000000-0000-0000-0000-000000000010"),
            ("7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
            ("01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ] {
            let id = LinkId::new(uuid.parse().unwrap());
            assert_eq!(id.to_string(), format!("lnk_{digits}"));
            assert_eq!(id.to_string().parse(), Ok(id));
        }
    }

    #[test]
    fn refuses_what_is_no_id_of_its_kind() {
        for text in [
            "",
            "lnk_123",
            "lnk_",
            "evt_01h455vb4pex5vsknk084sn02q",
            "lnk_81h455vb4pex5vsknk084sn02q",
            "lnk_01h455vb4pex5vsknk084sn02u",
            "lnk_01H455VB4PEX5VSKNK084SN02Q",
            "lnk_é1h455vb4pex5vsknk084sn02",
        ] {
            assert_eq!(text.parse::<LinkId>(), Err(BadId), "{text:?}");
        }
    }

    #[test]
    fn going_back_leads_to_the_least_id_of_its_millisecond_and_never_before_the_first() {
        let id = EntryId::new(Uuid::from_u128((7_000 << 80) + 12_345));
        assert_eq!(id.back_by(Duration::from_secs(5)), EntryId::new(Uuid::from_u128(2_000 << 80)));
        assert_eq!(id.back_by(Duration::from_secs(8)), EntryId::FIRST);
    }

    #[test]
    fn later_ids_sort_after_earlier_ones_as_text() {
        let earlier = EventId::new(Uuid::from_u128(41 << 80));
        let later = EventId::new(Uuid::from_u128(42 << 80));
        assert!(earlier.to_string() < later.to_string());
    }
}
