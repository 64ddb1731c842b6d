//! Plans, and what holds for every plan.
