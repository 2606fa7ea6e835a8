//! The one form of a page.

/// Its target and its hidden fields.
#[derive(Debug, Clone)]
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl Form {
    pub fn read(page: &str) -> Self {
        let form = page.split("<form").nth(1).unwrap_or_else(|| panic!("no form: {page}"));
        let form = form.split("</form>").next().unwrap();
        let action = attribute(form, "action").unwrap();
        let inputs = form.split("<input").skip(1).map(|input| input.split('>').next().unwrap());
        let hidden = inputs.filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
        let fields = hidden
            .map(|input| (attribute(input, "name").unwrap(), attribute(input, "value").unwrap_or_default()));
        Self { action, fields: fields.collect() }
    }

    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The same with another value; `None` leaves the field out.
    pub fn with(&self, name: &str, value: Option<&str>) -> Self {
        let mut fields: Vec<_> = self.fields.iter().filter(|(key, _)| key != name).cloned().collect();
        fields.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        Self { action: self.action.clone(), fields }
    }
}

/// Value of the first attribute of that name.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split('"').next()?))
}

fn unescape(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}
