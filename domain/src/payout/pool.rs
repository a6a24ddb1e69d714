//! The pool that is shared, in whole units of its resolution.

use super::PayoutPolicy;
use crate::allocate::multiply_divide;
use crate::error::Error;
use crate::input::{Errors, Fields, Node, decimal};
use crate::money::Amount;
use crate::policy::DEFAULT_POLICY;
use iso_currency::Currency;
use std::cmp::Ordering;

/// Places of a pool without a currency.
const DEFAULT_PLACES: u32 = 4;
/// Places of an amount.
const MAX_PLACES: u32 = 6;

/// A pool above zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    units: u64,
    places: u32,
    currency: Option<&'static str>,
}

impl Pool {
    /// A pool of whole units of `10^-places` each; at most six places.
    pub fn of_units(units: u64, places: u32, currency: Option<&'static str>) -> Self {
        assert!(places <= MAX_PLACES, "amounts are kept to six places");
        Self { units, places, currency }
    }

    /// How many units are shared.
    pub const fn units(&self) -> u64 {
        self.units
    }

    /// The places after the point of one unit.
    pub const fn places(&self) -> u32 {
        self.places
    }

    /// The currency's ISO 4217 code.
    pub const fn currency(&self) -> Option<&'static str> {
        self.currency
    }

    /// The whole pool.
    pub fn amount(&self) -> Amount {
        self.amount_of(self.units)
    }

    /// What a number of units comes to. The pool was checked to fit, so its parts fit.
    pub fn amount_of(&self, units: u64) -> Amount {
        Amount::from_micros(units as i64 * 10_i64.pow(6 - self.places))
    }

    /// The exact part of the pool for a weight, to twelve places, cut.
    pub fn exact_part(&self, weight: u128, total: u128) -> i128 {
        if total == 0 {
            return 0;
        }
        // Whole units first, then their remainder's millionths, so that nothing overflows.
        let (whole, remainder) = multiply_divide(self.units, weight, total);
        let places = 12 - self.places;
        let (fraction, _) = multiply_divide(10_u64.pow(places), remainder, total);
        i128::from(whole) * 10_i128.pow(places) + i128::from(fraction)
    }
}

/// A request for a preview, as it is sent.
#[derive(Debug, Clone, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayoutBody<'a> {
    /// What to share: above 0, at most as fine as the currency; four places without one.
    #[cfg_attr(
        feature = "openapi",
        schema(example = 1000.0, exclusive_minimum = 0, maximum = 1_000_000_000_000_i64)
    )]
    pub payout_pool: Amount,
    /// The policy to share it by; `energy-balanced-v1` when absent.
    #[cfg_attr(feature = "openapi", schema(required = false, example = "energy-balanced-v1"))]
    pub policy: &'a str,
    /// An ISO 4217 code, whose minor unit is the resolution.
    #[cfg_attr(feature = "openapi", schema(example = "EUR"))]
    pub currency: Option<&'a str>,
    /// Whether what agents earned is paid to those they worked for then; only `contribution-index-v1` pays by who earned
    /// what.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "openapi", schema(required = false, default = false))]
    pub pay_principals: bool,
}

/// A request for a preview, checked.
#[derive(Debug, Clone)]
pub struct PayoutRequest {
    /// What to share.
    pub pool: Pool,
    /// By which policy.
    pub policy: &'static PayoutPolicy,
    /// Whether agents' credits are paid to those they worked for when they earned them.
    pub pay_principals: bool,
}

impl PayoutRequest {
    /// The request with its defaults filled in.
    pub fn body(&self) -> PayoutBody<'_> {
        PayoutBody {
            payout_pool: self.pool.amount(),
            policy: self.policy.name(),
            currency: self.pool.currency(),
            pay_principals: self.pay_principals,
        }
    }

    /// Checks what was sent, naming every wrong field.
    pub fn read(node: &Node) -> Result<Self, Error> {
        const KNOWN: [&str; 4] = ["payout_pool", "policy", "currency", "pay_principals"];
        let mut errors = Errors::default();
        let errors_ref = &mut errors;
        let request = Fields::open(node, "", &KNOWN, errors_ref).and_then(|fields| {
            let policy = read_policy(&fields, errors_ref);
            let currency = read_currency(&fields, errors_ref);
            let pay_principals = read_principals(&fields, policy, errors_ref);
            let node = fields.required("payout_pool", errors_ref)?;
            // Where the currency cannot be read, all of the pool but its resolution still can.
            let resolution = currency.unwrap_or((MAX_PLACES, None));
            let pool = read_pool(node, &fields.path("payout_pool"), resolution, errors_ref);
            currency.and(Some(Self { pool: pool?, policy: policy?, pay_principals: pay_principals? }))
        });
        errors.finish(request)
    }
}

fn read_policy(fields: &Fields<'_>, errors: &mut Errors) -> Option<&'static PayoutPolicy> {
    let Some(node) = fields.optional("policy") else { return PayoutPolicy::named(DEFAULT_POLICY) };
    let names: Vec<&str> = PayoutPolicy::all().iter().map(PayoutPolicy::name).collect();
    crate::input::word(node, &fields.path("policy"), &names, errors).and_then(PayoutPolicy::named)
}

fn read_principals(fields: &Fields<'_>, policy: Option<&PayoutPolicy>, errors: &mut Errors) -> Option<bool> {
    let Some(node) = fields.optional("pay_principals") else { return Some(false) };
    let path = fields.path("pay_principals");
    let message = match (node, policy) {
        (Node::Bool(true), Some(PayoutPolicy::Energy(_) | PayoutPolicy::Cost(_))) => {
            "is for contribution-index-v1 only: other policies pay whoever the link and its changes name"
        }
        (Node::Bool(given), _) => return Some(*given),
        _ => "must be true or false",
    };
    errors.add(path, message.to_owned());
    None
}

/// The places of the pool's resolution, and the currency they come from.
type Resolution = (u32, Option<&'static str>);

fn read_currency(fields: &Fields<'_>, errors: &mut Errors) -> Option<Resolution> {
    let Some(node) = fields.optional("currency") else { return Some((DEFAULT_PLACES, None)) };
    let path = fields.path("currency");
    let code = crate::input::text(node, &path, 3, errors)?;
    let resolution = Currency::from_code(&code)
        .and_then(|currency| Some((u32::from(currency.exponent()?), Some(currency.code()))));
    if resolution.is_none() {
        errors.add(path, "must be an ISO 4217 code of a currency with a minor unit, such as EUR or JPY");
    }
    resolution
}

fn read_pool(node: &Node, path: &str, (places, currency): Resolution, errors: &mut Errors) -> Option<Pool> {
    let read = decimal(node, path, errors)?;
    let message = if read.is_negative() {
        "must not be negative".to_owned()
    } else if read.compare(0) == Ordering::Equal {
        "must be above zero: there is nothing to share".to_owned()
    } else if read.compare(i128::from(Amount::MAX.micros())) == Ordering::Greater {
        format!("must be at most {}", Amount::MAX)
    } else if !read.fits_places(places) {
        match currency {
            Some(code) => format!("is finer than {code} can be paid: at most {places} decimal places"),
            None => format!("has more than {places} decimal places; name a currency for another resolution"),
        }
    } else {
        let units = read.micros / 10_i128.pow(6 - places);
        return Some(Pool { units: u64::try_from(units).ok()?, places, currency });
    };
    errors.add(path, message);
    None
}
