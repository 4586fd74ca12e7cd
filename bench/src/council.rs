//! A council with a plan of two hundred measures, made over HTTP as any council is.

use serde_json::json;

use crate::http::Client;
use crate::process::Say;
use crate::rows::{self, INDICATORS, PARTS, code};

/// The code of the plan.
pub(crate) const PLAN: &str = "plan";

/// The themes of the plan: each has a fifth of its measures.
const THEMES: [&str; 5] = ["healthy", "safe", "achieving", "contributing", "prospering"];

/// A council of the service.
#[derive(Clone)]
pub(crate) struct Council {
    client: Client,
    path: String,
}

impl Council {
    /// Makes the council, its indicators, its plan and its measures, without results.
    pub(crate) fn found(client: &Client, council: &str) -> Result<Self, String> {
        client
            .create("/v1/organisations", &json!({"code": council, "title": format!("Council {council}")}))?;
        let made = Self { client: client.clone(), path: format!("/v1/organisations/{council}") };
        let year = chrono::Datelike::year(&chrono::Utc::now());
        let plan = json!({
            "code": PLAN, "title": "Children and Young People's Plan",
            "start": format!("{}-04-01", year - 1), "end": format!("{}-03-31", year + 2),
            "themes": THEMES.map(|code| json!({"code": code, "title": format!("The theme {code}")})),
            "priorities": [], "scheme_code": "baseline_to_target", "reporting_cycle": "half_yearly",
        });
        client.create(&format!("{}/plans", made.path), &plan)?;
        // Four hands make the two hundred, because each commit waits for the disk.
        std::thread::scope(|scope| {
            let hands: Vec<_> = (0..4)
                .map(|hand| {
                    let made = &made;
                    scope.spawn(move || {
                        let client = made.client.apart();
                        (hand..INDICATORS).step_by(4).try_for_each(|number| made.add_measure(&client, number))
                    })
                })
                .collect();
            hands.into_iter().try_for_each(|hand| hand.join().map_err(|_| "a thread broke".to_owned())?)
        })?;
        Ok(made)
    }

    fn add_measure(&self, client: &Client, number: usize) -> Result<(), String> {
        let districts: Vec<&str> =
            PARTS.iter().filter_map(|part| part.split_once('=')).map(|(_, district)| district).collect();
        let indicator = json!({
            "code": code(number), "title": format!("Children who are well, by the way of counting number {}", number + 1),
            "unit": "percent", "precision": 1, "polarity": "higher_is_better", "frequency": "monthly",
            "dimensions": [{"code": "district", "title": "District", "categories": districts}],
        });
        client.create(&format!("{}/indicators", self.path), &indicator)?;
        let measure = json!({
            "code": code(number), "indicator": {"code": code(number)},
            "theme": THEMES.get(number % THEMES.len()).say("a theme")?,
            "lines": [{"baseline": {"value": 40},
                       "target": {"state": "agreed", "condition": "at_least", "value": 60 + number % 30}}],
        });
        client.create(&self.measures_path(), &measure).map(drop)
    }

    /// Pushes the last so many months, a request each.
    pub(crate) fn push_months(&self, months: usize) -> Result<(), String> {
        (0..months).try_for_each(|back| self.push(&rows::json_body(&rows::rows(back)?)))
    }

    /// Pushes one body of JSON, all of whose rows must be taken.
    pub(crate) fn push(&self, body: &str) -> Result<(), String> {
        self.client.post(&self.results_path(), "application/json", body)?.sound().map(drop)
    }

    /// The same council, seen by another client.
    pub(crate) fn seen_by(&self, client: &Client) -> Self {
        Self { client: client.clone(), path: self.path.clone() }
    }

    /// The client that works for it.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Where its plan's status is.
    pub(crate) fn status_path(&self) -> String {
        format!("{}/plans/{PLAN}/status", self.path)
    }

    /// Where the status of one theme is.
    pub(crate) fn theme_path(&self) -> String {
        format!("{}?theme=safe", self.status_path())
    }

    /// Where its results are.
    pub(crate) fn results_path(&self) -> String {
        format!("{}/results", self.path)
    }

    /// Where a single result of the last month is.
    pub(crate) fn point_path(&self) -> Result<String, String> {
        let month = rows::month(0)?.format("%Y-%m");
        Ok(format!("{}?indicator={}&period={month}&breakdown=&limit=1", self.results_path(), code(7)))
    }

    /// Where its results are had as a whole.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    fn measures_path(&self) -> String {
        format!("{}/plans/{PLAN}/measures", self.path)
    }

    /// What the status says of one measure.
    pub(crate) fn row(&self, number: usize) -> Result<serde_json::Value, String> {
        let status = self.client.get(&self.status_path())?.sound()?.json()?;
        let rows = status.get("measures").and_then(|rows| rows.as_array()).say("measures")?;
        let code = code(number);
        rows.iter()
            .find(|row| row.get("measure").is_some_and(|found| *found == code))
            .cloned()
            .say("the measure")
    }
}
