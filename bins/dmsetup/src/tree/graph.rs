//! Devices and what they stand on, in the order found.
//!
//! # Source
//!
//! `_add_dev`, `_link_tree_nodes` and kin in lvm2's `libdm/libdm-deptree.c`, as its output shows them.

use dm_core::devno::DevNo;
use dm_core::dm::DeviceInfo;

/// What is known of a device.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What device-mapper says of it, if it is mapped.
    pub device: Option<DeviceInfo>,
    /// What it stands on, in the order told.
    pub deps: Vec<DevNo>,
}

/// A device among others.
#[derive(Debug)]
pub struct Node {
    /// Its number.
    pub dev: DevNo,
    /// What is known of it.
    pub found: Found,
    /// What it stands on.
    pub uses: Vec<usize>,
    /// What stands on it.
    pub used_by: Vec<usize>,
}

/// Devices, by what they stand on.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    /// What nothing stands on.
    tops: Vec<usize>,
    /// What stands on nothing.
    bottoms: Vec<usize>,
}

impl Graph {
    /// Adds a device and all it stands on; `look` says what is known of each, once.
    pub fn add(&mut self, dev: DevNo, look: &mut dyn FnMut(DevNo) -> Found) {
        self.add_under(None, dev, look);
    }

    /// The device of this number.
    pub fn find(&self, dev: DevNo) -> Option<&Node> {
        self.nodes.iter().find(|node| node.dev == dev)
    }

    /// The device of this index.
    pub fn node(&self, index: usize) -> Option<&Node> {
        self.nodes.get(index)
    }

    /// What the drawing begins with.
    pub fn first(&self, inverted: bool) -> &[usize] {
        if inverted { &self.bottoms } else { &self.tops }
    }

    /// What the drawing goes on with below a device.
    pub fn below(&self, index: usize, inverted: bool) -> &[usize] {
        match self.nodes.get(index) {
            Some(node) if inverted => &node.used_by,
            Some(node) => &node.uses,
            None => &[],
        }
    }

    fn add_under(
        &mut self,
        parent: Option<usize>,
        dev: DevNo,
        look: &mut dyn FnMut(DevNo) -> Found,
    ) {
        let known = self.nodes.iter().position(|node| node.dev == dev);
        let index = known.unwrap_or_else(|| {
            let found = look(dev);
            self.nodes.push(Node { dev, found, uses: Vec::new(), used_by: Vec::new() });
            self.nodes.len() - 1
        });
        self.link(parent, index);
        if known.is_some() {
            return;
        }
        let deps = self.nodes[index].found.deps.clone();
        if deps.is_empty() {
            self.bottoms.push(index);
        }
        for dep in deps {
            self.add_under(Some(index), dep, look);
        }
    }

    /// A device with anything above it is no top any more.
    fn link(&mut self, parent: Option<usize>, index: usize) {
        match parent {
            None if self.nodes[index].used_by.is_empty() && !self.tops.contains(&index) => {
                self.tops.push(index);
            }
            Some(parent) if !self.nodes[parent].uses.contains(&index) => {
                self.nodes[parent].uses.push(index);
                self.nodes[index].used_by.push(parent);
                self.tops.retain(|&top| top != index);
            }
            _ => {}
        }
    }
}
