"""Routes of the register."""

from django.urls import path

from assets import meter_views, views
from assets.crud import ASSET

app_name = "assets"
urlpatterns = [
    path("labels/", views.AssetLabels.as_view(), name="labels"),
    path("place-labels/", views.PlaceLabels.as_view(), name="place_labels"),
    path("<int:pk>/label.pdf", views.AssetLabel.as_view(), name="asset_label"),
    path("<int:pk>/attach/", views.Attach.as_view(), name="asset_attach"),
    path("<int:pk>/duties/<int:duty>/", views.Duty.as_view(), name="duty_edit"),
    path("<int:pk>/duties/new/<slug:kind>/", views.Duty.as_view(), name="duty_add"),
    *meter_views.urls,
    *ASSET.urls,
]
