//! Answers under concurrency: right to the byte or refused cleanly, of one moment, and to nobody whose right was taken
//! away, whatever happens to connections, clients and servers in between.

mod crowd;

mod abandoned;
mod inside;
mod killed;
mod moved;
mod recalled;
mod roomy;
