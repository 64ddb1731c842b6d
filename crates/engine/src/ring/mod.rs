//! `io_uring`, the queues' executors and aligned memory.
