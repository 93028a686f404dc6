//! Rectangles in one mesh: room for them, and how many there are. Know nothing of what they show.

use eframe::egui::Mesh;

/// The mesh with room for so many and some more: about as many come as there were in the frame before.
pub(crate) fn with_room(mut mesh: Mesh, quads: usize) -> Mesh {
    let quads = quads + quads / 2;
    mesh.reserve_vertices(4 * quads);
    mesh.reserve_triangles(2 * quads);
    mesh
}

pub(crate) fn quads_in(mesh: &Mesh) -> usize {
    mesh.vertices.len() / 4
}
