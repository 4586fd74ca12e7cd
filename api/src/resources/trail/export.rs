//! The trail as a file: read a piece at a time while it is sent, so that it may be as long as it is.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use actix_web::web::{Bytes, Data};
use chrono::SecondsFormat;
use futures_util::stream::try_unfold;
use uuid::Uuid;
use waymark_domain::code::Code;
use waymark_persistence::trail::{self as kept, TrailFilter, TrailKey};

use super::query::ExportFormat;
use super::schema::{RoleName, Stamp, TrailRecord};
use crate::http::etag::{Conditions, ETag};
use crate::http::problem::Problem;
use crate::state::AppState;

/// Changes that are read at once.
const PIECE: i64 = 200;

/// The selection of an export.
pub(super) struct Export {
    pub(super) organisation: Code,
    pub(super) id: Uuid,
    pub(super) filter: TrailFilter,
    pub(super) format: ExportFormat,
}

/// The state of the export.
enum Progress {
    Begun,
    After(TrailKey),
    Ended,
}

impl Export {
    /// Its entity tag. What was recorded never changes, so of two exports of one span with equally many
    /// changes in it the content is the same.
    pub(super) fn tag(&self, changes: i64) -> ETag {
        let Self { organisation: _, id, filter, format } = self;
        ETag::of_bytes(format!("{id} {:?} {:?} {format:?} {changes}", filter.from, filter.to).as_bytes())
    }

    /// The file, or that the caller has it already.
    pub(super) fn answer(self, service: Data<AppState>, tag: &ETag, conditions: &Conditions) -> HttpResponse {
        if conditions.has_already(tag) {
            return HttpResponse::NotModified().insert_header((ETAG, tag.as_str())).finish();
        }
        let (media_type, ending) = match self.format {
            ExportFormat::Ndjson => ("application/x-ndjson", "ndjson"),
            ExportFormat::Csv => ("text/csv", "csv"),
        };
        let name = format!("attachment; filename=\"trail-{}.{ending}\"", self.organisation);
        let pieces = try_unfold((self, service, Progress::Begun), |(export, service, progress)| async move {
            let after = match progress {
                Progress::Begun => None,
                Progress::After(key) => Some(key),
                Progress::Ended => return Ok::<_, Problem>(None),
            };
            let (id, filter) = (export.id, export.filter.clone());
            let found = service
                .read(move |connection| Ok(kept::list(connection, id, &filter, after, PIECE)?))
                .await?;
            let next = match found.last() {
                Some(last) if i64::try_from(found.len()).is_ok_and(|read| read >= PIECE) => {
                    Progress::After(last.key)
                }
                _ => Progress::Ended,
            };
            let piece = export.write(found, after.is_none())?;
            Ok(Some((Bytes::from(piece), (export, service, next))))
        });
        HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, media_type))
            .insert_header((CONTENT_DISPOSITION, name))
            .insert_header((ETAG, tag.as_str()))
            .streaming(pieces)
    }

    fn write(&self, entries: Vec<kept::TrailEntry>, first: bool) -> Result<Vec<u8>, Problem> {
        let records = entries.into_iter().map(|entry| TrailRecord::of(&self.organisation, entry));
        let records = records.collect::<Result<Vec<_>, Problem>>()?;
        match self.format {
            ExportFormat::Ndjson => {
                let mut lines = Vec::new();
                for record in records {
                    serde_json::to_writer(&mut lines, &record).map_err(Problem::internal)?;
                    lines.push(b'\n');
                }
                Ok(lines)
            }
            ExportFormat::Csv => {
                let mut rows =
                    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
                if first {
                    rows.write_record(COLUMNS).map_err(Problem::internal)?;
                }
                for record in records {
                    rows.write_record(row(record)).map_err(Problem::internal)?;
                }
                rows.into_inner().map_err(Problem::internal)
            }
        }
    }
}

const COLUMNS: [&str; 12] = [
    "recorded_at",
    "kind",
    "plan",
    "code",
    "entity",
    "revision",
    "change",
    "recorded_by",
    "roles",
    "request_id",
    "before",
    "after",
];

fn row(record: TrailRecord) -> [String; 12] {
    let TrailRecord { stamp, before, after } = record;
    let Stamp {
        entity,
        revision,
        recorded_at,
        kind,
        plan,
        code,
        change,
        recorded_by,
        roles,
        request_id,
        see: _,
    } = stamp;
    let roles: Vec<String> = roles.into_iter().map(|RoleName(name)| name).collect();
    [
        recorded_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        kind.name(),
        plan.unwrap_or_default(),
        code.unwrap_or_default(),
        entity.to_string(),
        revision.to_string(),
        change.to_string(),
        recorded_by,
        roles.join(" "),
        request_id,
        before.map(|before| before.to_string()).unwrap_or_default(),
        after.to_string(),
    ]
}
