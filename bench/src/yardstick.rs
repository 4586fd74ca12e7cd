//! The fastest that an Actix service can be: bytes from memory, and nothing else.

use std::net::TcpListener;
use std::sync::mpsc;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::http::header::{ETAG, IF_NONE_MATCH};
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

use crate::http::Answer;
use crate::process::Say;

/// What it answers.
struct Kept {
    body: Bytes,
    etag: String,
}

/// A running yardstick, stopped when it is dropped.
pub(crate) struct Memory {
    /// Where it answers.
    pub(crate) url: String,
    handle: ServerHandle,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

async fn answer(kept: Data<Kept>, request: HttpRequest) -> HttpResponse {
    let is_known =
        request.headers().get(IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == kept.etag.as_bytes());
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, kept.etag.as_str()));
    if is_known { answer.finish() } else { answer.content_type("application/json").body(kept.body.clone()) }
}

impl Memory {
    /// Answers the same bytes, under the same entity tag, with as many workers as the service has.
    pub(crate) fn start(same: &Answer) -> Result<Self, String> {
        let kept = Data::new(Kept { body: Bytes::from(same.text.clone()), etag: same.etag.clone() });
        let listener = TcpListener::bind("127.0.0.1:0").say("a free port")?;
        let url = format!("http://{}/", listener.local_addr().say("a free port")?);
        let (tell, reported) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let app = move || App::new().app_data(kept.clone()).default_service(web::to(answer));
                let server = HttpServer::new(app).tcp_nodelay(true).disable_signals().listen(listener)?.run();
                let _ = tell.send(server.handle());
                server.await
            })
        });
        let handle = reported.recv().say("the yardstick")?;
        Ok(Self { url, handle, thread: Some(thread) })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
