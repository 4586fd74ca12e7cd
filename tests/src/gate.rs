//! What stands between a service and a server, so that a test can cut them off from each other.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// Hands on connections to a server, as long as it is open.
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    inside: Mutex<Inside>,
    changed: Condvar,
}

#[derive(Default)]
struct Inside {
    mode: Mode,
    handed_on: Vec<TcpStream>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Mode {
    #[default]
    Open,
    Held,
    Closed,
    Ended,
}

impl Gate {
    /// An open gate to the server.
    pub(crate) fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for caller in listener.incoming() {
                let caller = caller.unwrap();
                let mode = shared.inside.lock().unwrap().mode;
                match mode {
                    Mode::Open | Mode::Held => shared.hand_on(&caller, server),
                    Mode::Closed => {}
                    Mode::Ended => return,
                }
            }
        });
        Self { address, state }
    }

    /// From now on no connection gets through, and open ones are cut off.
    pub(crate) fn close(&self) {
        self.state.turn_to(Mode::Closed);
    }

    /// From now on nothing gets through, without an error.
    pub(crate) fn hold(&self) {
        self.state.turn_to(Mode::Held);
    }

    /// What was held gets through, and who comes from now on.
    pub(crate) fn open(&self) {
        self.state.turn_to(Mode::Open);
    }
}

impl Inside {
    fn cut_where_closed(&mut self) {
        if matches!(self.mode, Mode::Closed | Mode::Ended) {
            for stream in self.handed_on.drain(..) {
                // A peer that has gone by itself is gone as well.
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
    }
}

impl State {
    fn turn_to(&self, mode: Mode) {
        let mut inside = self.inside.lock().unwrap();
        inside.mode = mode;
        inside.cut_where_closed();
        self.changed.notify_all();
    }

    fn hand_on(self: &Arc<Self>, caller: &TcpStream, server: SocketAddr) {
        let server = TcpStream::connect(server).unwrap();
        for (from, to) in [(caller, &server), (&server, caller)] {
            let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
            let state = Arc::clone(self);
            thread::spawn(move || state.carry(from, to));
        }
        let mut inside = self.inside.lock().unwrap();
        inside.handed_on.extend([caller.try_clone().unwrap(), server]);
        inside.cut_where_closed();
    }

    /// Carries what comes from one side to the other until either is gone.
    fn carry(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut piece = [0; 16 * 1024];
        while let Ok(read @ 1..) = from.read(&mut piece) {
            let inside = self.inside.lock().unwrap();
            drop(self.changed.wait_while(inside, |inside| inside.mode == Mode::Held).unwrap());
            if to.write_all(&piece[..read]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.state.turn_to(Mode::Ended);
        // Wakes the thread that listens.
        let _ = TcpStream::connect(self.address);
    }
}
