//! People: who they are, once per installation (§37).

use entity::{id::UserId, platform::user::Entity};

use crate::domain::verb::Row;

impl Row for Entity {
    const NAME: &'static str = "User";
    type Id = UserId;
}
