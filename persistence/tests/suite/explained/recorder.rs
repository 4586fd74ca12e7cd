//! Notes the statements that the store sends, with what it gives them.

use std::sync::{Arc, Mutex};

use diesel::Connection as _;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use waymark_persistence::{Connection, Store, StoreError};

use super::statement::Statement;

/// Notes each statement of the connections that it is given to.
#[derive(Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Vec<Statement>>>);

impl Instrumentation for Recorder {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            // It finds nothing, and it is not explained.
            if text.starts_with("COPY ") {
                return;
            }
            let mut noted = self.0.lock().unwrap();
            let statement = Statement::read(&text);
            let new = statement.filter(|statement| !noted.contains(statement));
            noted.extend(new);
        }
    }
}

impl Recorder {
    /// Opens a store of one connection for each kind of access, so that nothing is asked that is not noted.
    pub(super) fn opened(&self, url: &str) -> Store {
        let store = Store::open(url, 1).unwrap();
        let note = |connection: &mut Connection| {
            match connection {
                Connection::Postgres(postgres) => postgres.set_instrumentation(self.clone()),
                Connection::Sqlite(sqlite) => sqlite.set_instrumentation(self.clone()),
            }
            Ok::<_, StoreError>(())
        };
        store.read(note).unwrap();
        store.write(note).unwrap();
        store
    }

    /// The statements that were noted, each text once.
    pub(super) fn statements(&self) -> Vec<Statement> {
        self.0.lock().unwrap().clone()
    }
}
