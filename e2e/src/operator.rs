//! The operator's hand on the Guards of the workers that take orders: `main`, and `fault`, whose Guards can fail.

use serde_json::json;

use crate::{
    answer::Answer,
    phone::Phone,
    system::system,
    worker::{Challenge, Worker},
};

impl Worker {
    /// Asks for one code more than the limits of the worker `main` would let through by now: an operator has them forgotten.
    #[track_caller]
    pub fn sign_up_again(&self, phone: &Phone) -> Challenge {
        self.order("allow", phone).expect_status(200);
        self.sign_up(phone)
    }

    /// Gives an operator's order to the Guard of a number. Only the workers `main` and `fault` take any.
    #[track_caller]
    pub fn order(&self, order: &str, phone: &Phone) -> Answer {
        let body = json!({ "order": order, "phone_number": phone.number(), "operator": "e2e" });
        let request = self
            .request("POST", "/admin/guard")
            .header("authorization", format!("Bearer {}", system().description.admin_token))
            .header("content-type", "application/json")
            .body(body.to_string())
            .expect("a request");
        self.send(&request)
    }
}
