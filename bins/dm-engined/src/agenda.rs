//! When the daemon looks after its things: when somebody asks, and at a time it has set itself; not at all while
//! nothing happens, and never much more often than things are worth.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// What is asked of the daemon: by a signal, or by its engine and its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// To end as soon as nobody has a device open.
    End,
    /// To make way for a successor.
    MakeWay,
    /// To look after things.
    Look,
}

/// When to look after things next.
#[derive(Debug)]
pub(crate) struct Agenda {
    /// The least time between two looks.
    tick: Duration,
    last: Instant,
    /// None: not before somebody asks.
    next: Option<Instant>,
}

impl Agenda {
    /// The first look is at once.
    pub(crate) fn new(tick: Duration) -> Self {
        let now = Instant::now();
        Self { tick, last: now, next: Some(now) }
    }

    /// Things were looked after. The next time is when somebody asks, and after `pause` at the latest.
    pub(crate) fn looked(&mut self, pause: Option<Duration>) {
        self.last = Instant::now();
        self.next = pause.and_then(|pause| self.last.checked_add(pause.max(self.tick)));
    }

    /// Waits until it is time to look, or something else is asked for. Whoever may ask is there for as long as
    /// the daemon: that nobody is left counts as time to look.
    pub(crate) fn wait(&mut self, told: &Receiver<Ask>) -> Option<Ask> {
        loop {
            let ask = match self.next {
                None => told.recv().ok(),
                Some(next) => {
                    told.recv_timeout(next.saturating_duration_since(Instant::now())).ok()
                }
            };
            if ask != Some(Ask::Look) {
                return ask;
            }
            let soon = self.last + self.tick;
            self.next = Some(self.next.map_or(soon, |next| next.min(soon)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    const TICK: Duration = Duration::from_millis(40);

    #[test]
    fn the_first_look_is_at_once_and_the_next_when_it_was_to_be() {
        let (_tell, told) = channel();
        let mut agenda = Agenda::new(TICK);
        assert_eq!(agenda.wait(&told), None);
        agenda.looked(Some(Duration::ZERO));
        let begun = Instant::now();
        assert_eq!(agenda.wait(&told), None);
        assert!(begun.elapsed() >= TICK / 2);
    }

    #[test]
    fn who_asks_often_is_looked_after_once_a_tick() {
        let (tell, told) = channel();
        let mut agenda = Agenda::new(TICK);
        agenda.looked(None);
        let begun = Instant::now();
        for _ in 0..100 {
            tell.send(Ask::Look).unwrap();
        }
        assert_eq!(agenda.wait(&told), None);
        assert!(begun.elapsed() >= TICK / 2);
        assert!(told.try_recv().is_err(), "all were heard");
    }

    #[test]
    fn a_signal_is_heard_at_once() {
        let (tell, told) = channel();
        let mut agenda = Agenda::new(Duration::from_secs(3600));
        agenda.looked(None);
        tell.send(Ask::Look).unwrap();
        tell.send(Ask::End).unwrap();
        assert_eq!(agenda.wait(&told), Some(Ask::End));
    }
}
