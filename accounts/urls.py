from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("code/", views.enter_code, name="code"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("password/", views.password, name="password"),
    path("preferences/", views.preferences, name="preferences"),
    path("nothing/", views.nothing, name="nothing"),
]
