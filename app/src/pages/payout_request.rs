//! What a payout page is asked for, in its address.

use crate::components::url::address;
use crate::pages::parameters;
use crate::shared::slide::{Trial, objective_name};
use domain::decimal;
use domain::error::{Error, FieldError};
use domain::id::LinkId;
use domain::input::Node;
use domain::payout::{PayoutPolicy, PayoutRequest, Pool};
use domain::policy::{DEFAULT_POLICY, Objective, Policy};

/// The pool of an address that names none.
const DEFAULT_POOL: &str = "1000";

/// The parameters of a payout page as they were sent.
pub(crate) struct Asked {
    sent: Vec<(String, String)>,
    /// The pool as typed.
    pub pool: String,
    /// The currency as typed; empty for none.
    pub currency: String,
    /// The policy's name as sent.
    pub policy: String,
    /// Whether agents' credits are to be paid to those they worked for.
    pub pay_principals: bool,
}

impl Asked {
    /// Reads the address.
    pub(crate) fn of_address() -> Self {
        let tried = Objective::ALL.map(|objective| format!("wi_{}", objective_name(objective)));
        let known: Vec<&str> = ["pool", "currency", "policy", "pay_principals", "why", "wi_pool"]
            .into_iter()
            .chain(tried.iter().map(String::as_str))
            .collect();
        let sent = parameters(&known);
        let given = |name: &str| {
            let value =
                sent.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim().to_owned());
            value.filter(|value| !value.is_empty())
        };
        Self {
            pool: given("pool").unwrap_or_else(|| DEFAULT_POOL.to_owned()),
            currency: given("currency").unwrap_or_default().to_uppercase(),
            policy: given("policy").unwrap_or_else(|| DEFAULT_POLICY.to_owned()),
            pay_principals: given("pay_principals").is_some_and(|given| given == "true"),
            sent,
        }
    }

    /// Checks it by the same rules as the API.
    pub(crate) fn read(&self) -> Result<PayoutRequest, Error> {
        let mut members = vec![
            ("payout_pool".to_owned(), Node::Number(self.pool.clone())),
            ("policy".to_owned(), Node::Text(self.policy.clone())),
        ];
        if !self.currency.is_empty() {
            members.push(("currency".to_owned(), Node::Text(self.currency.clone())));
        }
        // The switch stands in the form under every policy, and says something of one only.
        let by_credits = matches!(PayoutPolicy::named(&self.policy), Some(PayoutPolicy::Index(_)));
        if self.pay_principals && by_credits {
            members.push(("pay_principals".to_owned(), Node::Bool(true)));
        }
        PayoutRequest::read(&Node::Object(members))
    }

    /// What is tried in the what-if: the policy's own, but for what the address says.
    pub(crate) fn trial(&self, policy: &Policy, pool: &Pool) -> Trial {
        Trial::of(policy, pool.units()).with(pool.places(), |name| self.given(name).map(str::to_owned))
    }

    /// Which row's explanation was asked for, by its place in the order of amounts.
    pub(crate) fn why(&self) -> Option<usize> {
        self.given("why").and_then(|text| text.parse().ok())
    }

    fn given(&self, name: &str) -> Option<&str> {
        self.sent.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The errors of a request, by the names of the page's fields.
pub(crate) fn page_errors(error: &Error) -> Vec<FieldError> {
    let named = |error: &FieldError| {
        let field = if error.field == "payout_pool" { "pool" } else { &error.field };
        FieldError { field: field.to_owned(), message: error.message.clone() }
    };
    error.fields().iter().map(named).collect()
}

/// The address of a preview, with more parameters.
pub(crate) fn preview_address(link: LinkId, request: &PayoutRequest, more: &[(&str, &str)]) -> String {
    let pool = decimal::print(i128::from(request.pool.units()), request.pool.places());
    let currency = request.pool.currency().unwrap_or_default();
    let policy = request.policy.name();
    let policy = if policy == DEFAULT_POLICY { "" } else { policy };
    let principals = if request.pay_principals { "true" } else { "" };
    let own =
        [("pool", pool.as_str()), ("currency", currency), ("policy", policy), ("pay_principals", principals)];
    address(&format!("/links/{link}/payout"), &[&own, more].concat())
}
