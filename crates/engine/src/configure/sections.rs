//! A configuration that cannot be read as a whole is read section by section, so that the administrator learns where it is
//! wrong.

use crate::config::{
    Access, Addon, Host, Idp, Keys, LogoutOptions, Pages, Policy, Refresh, RequestOptions, Sp, UserId,
};
use crate::settings::Problem;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads one section, for its error alone.
type Read = fn(&Value) -> Option<serde_json::Error>;

/// The sections of a configuration.
const SECTIONS: [(&str, Read); 14] = [
    ("sp", error::<Sp>),
    ("idp", error::<Idp>),
    ("user_id", error::<UserId>),
    ("request", error::<RequestOptions>),
    ("policy", error::<Policy>),
    ("logout", error::<LogoutOptions>),
    ("access", error::<Access>),
    ("keys", error::<Keys>),
    ("refresh", error::<Refresh>),
    ("pages", error::<Pages>),
    ("addon", error::<Addon>),
    ("host", error::<Host>),
    ("revision", error::<u64>),
    ("development", error::<bool>),
];

fn error<T: DeserializeOwned>(section: &Value) -> Option<serde_json::Error> {
    T::deserialize(section).err()
}

/// What is wrong in each section; what is wrong with the whole if the sections are fine.
pub fn problems(config: &Value, whole: &serde_json::Error) -> Vec<Problem> {
    let found = SECTIONS.iter().filter_map(|(name, read)| {
        let error = read(config.get(name)?)?;
        Some(Problem::new(*name, error.to_string()))
    });
    let unknown = config.as_object().into_iter().flatten().filter_map(|(name, _)| {
        let known = SECTIONS.iter().any(|(known, _)| known == name);
        (!known).then(|| Problem::new(name.as_str(), "is unknown"))
    });
    let mut problems: Vec<Problem> = found.chain(unknown).collect();
    if problems.is_empty() {
        problems.push(Problem::new("", whole.to_string()));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use proptest::prelude::*;
    use serde_json::json;

    fn fields(config: &Value) -> Vec<String> {
        let whole = Config::from_value(config).unwrap_err();
        problems(config, &whole).into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn names_every_section_that_cannot_be_read() {
        let config = json!({"sp": {"entity_id": 1}, "idp": {"colour": "red"}, "policy": "strict", "extra": {}, "revision": -1});
        assert_eq!(fields(&config), ["sp", "idp", "policy", "revision", "extra"]);
    }

    #[test]
    fn names_the_whole_if_no_section_is_to_blame() {
        for config in [json!(null), json!([]), json!(7), json!("x")] {
            assert_eq!(fields(&config), [""], "{config}");
        }
    }

    proptest! {
        #[test]
        fn always_names_something(name in "[a-z]{1,8}", value in any::<i64>()) {
            let config = json!({ name: value });
            prop_assert!(!fields(&config).is_empty());
        }
    }
}
