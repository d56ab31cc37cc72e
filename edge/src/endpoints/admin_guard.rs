//! `POST /admin/guard`: an operator looks at the Guard of a number, or tells it what to do. There only with `ADMIN_TOKEN`.

use challenge::PhoneNumber;
use guard::Order;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Call, Refused};
use crate::{
    guard::protocol::{Answer, Question},
    http::{body, fields::Fields, problem::Problem, reply::Reply, request::Inbound},
    runtime::log,
    token::bearer::Bearer,
};

const MAX_WORD: usize = 32;

pub(crate) async fn admin_guard(request: &Inbound, call: &Call<'_>) -> Result<Reply, Refused> {
    let protection = &call.settings.protection;
    let authorization = request.header("authorization");
    match (Bearer::parse(authorization.as_deref()), &protection.admin_token) {
        (Bearer::Absent, _) => return Err(Problem::TokenMissing.into()),
        (Bearer::Token(token), Some(expected)) if is_same(token, expected) => {}
        _ => {
            log::warning("admin_refused", json!({ "request_id": call.request_id }));
            return Err(Problem::TokenInvalid.into());
        }
    }
    let demand = Demand::read(&body::read_json(request).await?)?;
    let number = protection.guard_names.number(&demand.phone);
    // The audit: who did what to which Guard. The Guard keeps the last orders itself, too.
    log::warning(
        "admin_guard",
        json!({
            "request_id": call.request_id, "operator": demand.operator, "order": demand.order.map_or("show", Order::name),
            "guard": number,
        }),
    );
    let question = match demand.order {
        None => Question::Show,
        Some(order) => Question::CarryOut {
            order,
            operator: demand.operator,
        },
    };
    let limit = call.deadline.remaining();
    match call.guards().ask_number(&number, &question, limit).await? {
        Answer::Summary(summary) => Ok(Reply::json(200, &summary)),
        _ => Err(Problem::Internal.into()),
    }
}

/// Compared by their hashes, so that the time tells nothing of how far two tokens are alike.
fn is_same(token: &str, expected: &str) -> bool {
    Sha256::digest(token) == Sha256::digest(expected)
}

/// What an operator wants.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Demand {
    phone: PhoneNumber,
    /// Nothing: only to look.
    order: Option<Order>,
    operator: String,
}

impl Demand {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::parse(body)?;
        let phone_number = fields.required("phone_number", MAX_WORD);
        let order = fields.required("order", MAX_WORD);
        let operator = fields.required("operator", MAX_WORD);
        fields.finish()?;
        let order = match order.as_str() {
            "show" => None,
            "unlock" => Some(Order::Unlock),
            "block" => Some(Order::Block),
            "allow" => Some(Order::Allow),
            _ => return Err(Problem::invalid_field("order", "must be show, unlock, block or allow")),
        };
        // It goes into the log.
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || "._@-".contains(letter);
        if !operator.chars().all(is_name) {
            return Err(Problem::invalid_field(
                "operator",
                "must consist of letters, digits and . _ @ -",
            ));
        }
        Ok(Self {
            phone: PhoneNumber::parse(&phone_number).map_err(|_| Problem::InvalidPhoneNumber)?,
            order,
            operator,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(order: &str, operator: &str) -> Result<Demand, Problem> {
        let body = json!({"phone_number": "+15005550006", "order": order, "operator": operator});
        Demand::read(body.to_string().as_bytes())
    }

    #[test]
    fn an_order_needs_an_operator_whose_name_can_be_logged() {
        assert_eq!(read("show", "ana").unwrap().order, None);
        assert_eq!(read("block", "ana@example.com").unwrap().order, Some(Order::Block));
        for (order, operator) in [
            ("delete", "ana"),
            ("", "ana"),
            ("show", ""),
            ("show", "a b"),
            ("show", "+15005550006"),
        ] {
            assert!(
                matches!(read(order, operator), Err(Problem::InvalidRequest(_))),
                "{order} {operator}"
            );
        }
    }

    #[test]
    fn only_the_very_token_is_the_same() {
        let token = "t".repeat(32);
        assert!(is_same(&token, &token));
        assert!(!is_same("", &token) && !is_same(&"t".repeat(31), &token) && !is_same(&"t".repeat(33), &token));
    }
}
