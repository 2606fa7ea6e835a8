//! Status of the Response (Core 3.2.2.1 to 3.2.2.4). What it says is compared with closed lists; the text of a
//! StatusMessage goes nowhere, only Entra's number in it does.

use super::grammar::in_order;
use crate::names::{STATUS_CODES, STATUS_NO_PASSIVE, STATUS_SUCCESS};
use crate::{Rejected, Trace};
use ostiary_codes::Code;
use ostiary_xmlsig::{Element, Unsigned, ns};

const RULE: &str = "Core 3.2.2.1 Status";
/// Entra's numbers have four to seven digits.
const MAX_AADSTS_DIGITS: usize = 10;

/// The top-level code must be Success.
pub(super) fn check(status: Option<Element<'_, Unsigned>>, trace: &mut Trace) -> Result<(), Rejected> {
    let Some(status) = status else { return Err(invalid("no Status", trace)) };
    let mut children = in_order(status, trace)?;
    let code = children.take(ns::SAMLP, "StatusCode");
    let message = children.take(ns::SAMLP, "StatusMessage");
    children.take(ns::SAMLP, "StatusDetail");
    children.end(Code::IdpStatusInvalid, "StatusCode, StatusMessage, StatusDetail", trace)?;
    let Some(top) = code else { return Err(invalid("no StatusCode", trace)) };

    let chain = chain(top, trace)?;
    if chain.first() == Some(&STATUS_SUCCESS) {
        trace.held(RULE, || ("Success".to_owned(), "Success".to_owned()));
        return Ok(());
    }
    let mut seen: Vec<_> =
        chain.iter().map(|code| code.rsplit(':').next().unwrap_or_default().to_owned()).collect();
    if let Some(number) = message.and_then(aadsts) {
        seen.push(format!("AADSTS{number}"));
    }
    let passive = chain.contains(&STATUS_NO_PASSIVE);
    let code = if passive { Code::IdpNoPassive } else { Code::IdpDenied };
    Err(trace.reject(RULE, code, "Success", &seen.join(", ")))
}

/// The values of the nested StatusCodes, outermost first; a value that Core 3.2.2.2 does not list is `other`.
fn chain(top: Element<'_, Unsigned>, trace: &mut Trace) -> Result<Vec<&'static str>, Rejected> {
    let mut chain = Vec::with_capacity(2);
    let mut next = Some(top);
    while let Some(code) = next {
        let Some(value) = code.attribute_unverified("Value") else {
            return Err(invalid("a StatusCode without Value", trace));
        };
        chain.push(value.one_of(STATUS_CODES).unwrap_or("other"));
        let mut children = in_order(code, trace)?;
        next = children.take(ns::SAMLP, "StatusCode");
        children.end(Code::IdpStatusInvalid, "one nested StatusCode", trace)?;
    }
    Ok(chain)
}

/// The number behind the first `AADSTS` of the message.
fn aadsts(message: Element<'_, Unsigned>) -> Option<u64> {
    message.text_unverified().ok()?.bounded(|text| {
        let (_, rest) = text.split_once("AADSTS")?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest.get(..digits.min(MAX_AADSTS_DIGITS))?.parse().ok()
    })
}

fn invalid(seen: &str, trace: &mut Trace) -> Rejected {
    trace.reject(RULE, Code::IdpStatusInvalid, "a Status with a StatusCode", seen)
}
