//! Files that hold many articles: database exports, mailboxes and tables. One module per kind.

mod databases;
pub mod ebsco;
pub mod europresse;
pub mod factiva;
pub mod mbox;
pub mod nexis;
mod pages;
pub mod proquest;
pub mod table;
pub mod warc;
